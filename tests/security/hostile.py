"""Reports that mean harm, by name: {file name: bytes}. Each holds a good report too where its format allows, so that the
reader does not stop before it meets the harm.
"""

from __future__ import annotations

import base64
import io
import pickle
import zipfile
from pathlib import Path

from benchmarks import growth, synthetic

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
GOOD = synthetic.report(0)[1]
BILLION = "1000000000"


def page(inside: str = "", *, head: str = "", name: str = "") -> bytes:
    """A good HTML report with something put at the start of its body, into its head, or for its agency's name."""
    text = GOOD.decode()
    if name:
        text = text.replace(synthetic.agency_of(0), name)
    text = text.replace("</head>", head + "</head>", 1)
    start = text.index("<body")
    at = text.index(">", start) + 1
    return (text[:at] + inside + text[at:]).encode("utf-8", "surrogatepass")


def package(members: dict[str, bytes | str], *, good: bool = True) -> bytes:
    """A DOCX of a good report with members added or replaced."""
    out, old = io.BytesIO(), {}
    if good:
        with zipfile.ZipFile(io.BytesIO(growth.docx(growth.Report()))) as source:
            old = {name: source.read(name) for name in source.namelist()}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in {**old, **members}.items():
            target.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def document(body: str, *, before: str = "") -> str:
    """XML of a document part."""
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'


def pdf(extra: str) -> bytes:
    """A good PDF whose catalogue says more."""
    return growth.pdf(growth.BASE_PDF, catalog=extra)


class _Shell:
    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self):
        import os

        return os.system, (self.command,)


def zip_of_zeros(name: str, size: int) -> bytes:
    """A ZIP whose member unpacks to `size` bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bomb,
        bomb.open(name, "w") as member,
    ):
        for _ in range(size >> 20):
            member.write(bytes(1 << 20))
    return out.getvalue()


def laughs(mark: str = "<!DOCTYPE d [{}]>") -> str:
    """A billion laughs."""
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)
    )
    return mark.format(entities)


def code(canary: Path) -> dict[str, bytes]:
    """Files that would run code, which would write `canary`."""
    shell = f"touch {canary}"
    script = f"<script>require('child_process').exec('{shell}')</script><img src=x onerror='{shell}'><svg onload='{shell}'></svg>"
    python = f"!!python/object/apply:os.system ['{shell}']"
    return {
        "script.html": page(script),
        "server.html": page(
            f"<?php system('{shell}') ?><% {shell} %>{{{{ cycler.__init__.__globals__.os.system('{shell}') }}}}"
        ),
        "javascript.pdf": pdf(f"/OpenAction << /S /JavaScript /JS (app.launchURL('{shell}')) >>"),
        "launch.pdf": pdf(
            f"/OpenAction << /S /Launch /F (/bin/sh) /P ({shell}) >> /AA << /WC << /S /Launch /F (/bin/sh) >> >>"
        ),
        "macro.docm": package(
            {"word/vbaProject.bin": pickle.dumps(_Shell(shell)), "word/settings.xml": "<x/>"}
        ),
        "dde.docx": package(
            {
                "word/document.xml": document(
                    f'<w:p><w:r><w:instrText>DDEAUTO "/bin/sh" "{shell}"</w:instrText></w:r></w:p>'
                )
            }
        ),
        "yaml.md": f"---\ntitle: {python}\nx: {python}\n---\n".encode()
        + growth.markdown(growth.Report()),
        "pickle.html": pickle.dumps(_Shell(shell)),
        "pickle.txt": pickle.dumps(_Shell(shell), 0),
        "python.txt": f"__import__('os').system('{shell}')\n".encode()
        + growth.markdown(growth.Report()),
    }


def network(port: int) -> dict[str, bytes]:
    """Files that would call a server on this machine."""
    url = f"http://127.0.0.1:{port}/x"
    links = (
        f"<img src='{url}'><script src='{url}'></script><iframe src='{url}'></iframe><link rel=stylesheet href='{url}'><object data='{url}'></object>"
        f"<table background='{url}'><tr><td>1</td></tr></table><style>@import url({url});</style><video src='{url}'></video>"
    )
    relations = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r9" Type="{R}/attachedTemplate" TargetMode="External" Target="{url}"/>'
        f'<Relationship Id="r8" Type="{R}/image" TargetMode="External" Target="{url}"/></Relationships>'
    )
    picture = '<w:p><w:r><w:drawing><a:blip xmlns:a="x" r:link="r8"/></w:drawing></w:r></w:p><w:altChunk r:id="r8"/><w:subDoc r:id="r8"/>'
    dtd = f'<!DOCTYPE w:document SYSTEM "{url}">'
    archive = (
        f'MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: message/external-body; access-type=URL; URL="{url}"\n\n\n'
        f"--b\nContent-Type: text/html\nContent-Location: {url}\nContent-Transfer-Encoding: base64\n\n"
    ).encode()
    return {
        "links.html": page(
            links, head=f"<base href='{url}'><meta http-equiv=refresh content='0;url={url}'>"
        ),
        "xhtml.html": f'<?xml version="1.0"?><!DOCTYPE html SYSTEM "{url}">'.encode() + page(links),
        "template.docx": package(
            {
                "word/_rels/settings.xml.rels": relations,
                "word/_rels/document.xml.rels": relations,
                "word/document.xml": document(picture),
            }
        ),
        "dtd.docx": package({"word/document.xml": document("<w:p/>", before=dtd)}),
        "include.docx": package(
            {
                "word/document.xml": document(
                    f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{url}"/>'
                )
            }
        ),
        "uri.pdf": pdf(f"/OpenAction << /S /URI /URI ({url}) >>"),
        "image.md": f"![x]({url})\n<img src='{url}'>\n".encode() + growth.markdown(growth.Report()),
        "page.mht": archive + base64.encodebytes(page(links)) + b"\n--b--\n",
    }


def other_files(secret: Path) -> dict[str, bytes]:
    """Files that would show the text of `secret`."""
    uri = secret.as_uri()
    entity = f'<!DOCTYPE w:document [<!ENTITY x SYSTEM "{uri}"><!ENTITY % y SYSTEM "{uri}">%y;]>'
    body = "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>"
    relations = f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{R}/officeDocument" Target="{{}}"/></Relationships>'
    return {
        "entity.docx": package({"word/document.xml": document(body, before=entity)}),
        "entity-utf7.docx": package(
            {
                "word/document.xml": document(body, before=entity)
                .replace("UTF-8", "UTF-7")
                .encode("utf-7")
            }
        ),
        "entity-ebcdic.docx": package(
            {
                "word/document.xml": document(body, before=entity)
                .replace("UTF-8", "cp037")
                .encode("cp037")
            }
        ),
        "entity-styles.docx": package(
            {"word/styles.xml": f"{entity}<w:styles xmlns:w='{W}'>&x;</w:styles>"}
        ),
        "include.docx": package(
            {
                "word/document.xml": document(
                    f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{uri}" parse="text"/>'
                )
            }
        ),
        "outside.docx": package(
            {"_rels/.rels": relations.format("../../../../../.." + str(secret))}
        ),
        "absolute.docx": package({"_rels/.rels": relations.format(uri)}),
        "entity.html": f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "{uri}">]>'.encode()
        + page("<p>&x;</p>"),
        "link.html": page(
            f"<iframe src='{uri}'></iframe><object data='{uri}'></object><!--#include file='{secret}' --><p><esi:include src='{uri}'/></p>"
        ),
        "include.md": f"!include {secret}\n{{{{ include('{secret}') }}}}\n".encode()
        + growth.markdown(growth.Report()),
        "file.pdf": pdf(
            f"/OpenAction << /S /GoToR /F ({secret}) /D [0 /Fit] >> /Names << /EmbeddedFiles << /Names [(x) << /F ({secret}) >>] >> >>"
        ),
    }


def heavy() -> dict[str, bytes]:
    """Files that would take all time or all memory."""
    spans = f"<table><tr><td rowspan={BILLION} colspan={BILLION}>1</td></tr><tr><td rowspan=4294967297>2</td><td colspan=99999999999999999999>3</td></tr></table>"
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{BILLION}"/></w:tcPr><w:p/></w:tc>'
    nest = "<w:tbl><w:tr><w:tc>"
    return {
        "spans.html": page(spans),
        "tables.html": page("<table><tr><td>" * 1000 + "9" + "</td></tr></table>" * 1000),
        "tables-open.html": page("<table><tr><td>" * 20_000),
        "divs.html": page("<div>" * 20_000 + "9" + "</div>" * 20_000),
        "attributes.html": page("<p " + " ".join(f"a{i}=1" for i in range(50_000)) + ">x</p>"),
        "laughs.html": laughs().encode() + page("<p>&a9;</p>"),
        "laughs.docx": package(
            {
                "word/document.xml": document(
                    "<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", before=laughs()
                )
            }
        ),
        "laughs-utf7.docx": package(
            {
                "word/document.xml": document('<w:p w:x="&a9;"/>', before=laughs())
                .replace("UTF-8", "UTF-7")
                .encode("utf-7")
            }
        ),
        "laughs-ebcdic.docx": package(
            {
                "word/document.xml": document('<w:p w:x="&a9;"/>', before=laughs())
                .replace("UTF-8", "cp037")
                .encode("cp037")
            }
        ),
        "spans.docx": package(
            {"word/document.xml": document(f"<w:tbl><w:tr>{cell * 9}</w:tr></w:tbl>")}
        ),
        "tables.docx": package(
            {
                "word/document.xml": document(
                    nest * 1000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 1000
                )
            }
        ),
        "bomb.docx": zip_of_zeros("word/document.xml", 256 << 20),
        "bomb.html": zip_of_zeros("a.html", 64 << 20),
        "spans.md": f"# x\n\n{spans}\n".encode() + growth.markdown(growth.Report()),
        "bars.txt": ("|" * 2_000_000 + "\n1").encode(),
        "numbers.txt": ("9" * 1_000_000 + "亿" * 1000 + "\n").encode()
        + growth.markdown(growth.Report()),
        "tree.pdf": growth.pdf("", pages=0).replace(b"/Kids []", b"/Kids [2 0 R 2 0 R]"),
        "huge.pdf": growth.pdf(growth.BASE_PDF).replace(
            b"/MediaBox [0 0 595 842]", b"/MediaBox [0 0 1e9 1e9]"
        ),
        "parts.mht": b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
        + b"--b\nContent-Type: multipart/related; boundary=b\n\n" * 5000,
    }


def lying() -> dict[str, bytes]:
    """Good reports whose label of charset or name lies; they must still read as what they are."""
    text = GOOD.decode()
    found = {}
    for label in (
        "utf-16",
        "utf-7",
        "klingon",
        "iso-2022-kr",
        "hz",
        "base64",
        "rot13",
        "unicode_escape",
        "idna",
        "big5",
    ):
        found[f"says-{label}.html"] = text.replace('charset="utf-8"', f'charset="{label}"').encode()
        found[f"gb-{label}.html"] = text.replace('charset="utf-8"', f'charset="{label}"').encode(
            "gb18030"
        )
    return found | {"wide.html": text.encode("utf-16"), "named.pdf": GOOD, "named.docx": GOOD}
