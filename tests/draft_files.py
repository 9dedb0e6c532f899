"""Files as people upload them, and as people who mean harm do, made when they are needed."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

IDEA = (
    "Carers fill in a form about each child who may go missing, with a photograph and the places they go to, "
    "so that police can start to search at once."
)

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def paragraph(text: str) -> str:
    """Return a paragraph of a Word document."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(
    body: str = paragraph(IDEA),
    *,
    part: str = "word/document.xml",
    namespace: str = W,
    prolog: str = "",
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Make a Word document whose body is `body`, with what else Word writes left out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            part,
            f'{prolog}<w:document xmlns:w="{namespace}" xmlns:mc="{MC}"><w:body>{body}</w:body></w:document>',
        )
    return buffer.getvalue()


def pdf(*pages: str, key: str | None = None, owner: str | None = None, stream: bytes | None = None) -> bytes:
    """Make a PDF with a line of text on each page.

    `stream` is a page's content as it stands, `key` the password that opens it.
    """
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for text in pages:
        page = writer.add_blank_page(595, 842)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        content = StreamObject()
        content.set_data(stream or f"BT /F1 11 Tf 50 800 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content.flate_encode())
    if key is not None:
        writer.encrypt(key, owner, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def upload(name: str, content: bytes, **fields: str | list[str]) -> dict[str, Any]:
    """Return what a test client sends as a form with a file; its own way puts large files on disk."""
    parts = [('name="file"; filename="' + name + '"', content)]
    parts += [
        (f'name="{key}"', one.encode())
        for key, value in fields.items()
        for one in ([value] if isinstance(value, str) else value)
    ]
    body = b"".join(
        b"--edge\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + value + b"\r\n"
        for head, value in parts
    )
    return {"data": body + b"--edge--\r\n", "content_type": "multipart/form-data; boundary=edge"}
