"""Run the command line as `python -m search_service`."""

from search_service.cli import main

if __name__ == "__main__":
    main(prog_name="practice-finder")
