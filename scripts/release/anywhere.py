"""Takes the folder of this machine out of the bill of materials in a wheel: `anywhere.py WHEEL FOLDER`.

The builder names crates of the workspace by their folder, so one commit would make another wheel in each clone.
"""

import base64
import hashlib
import pathlib
import sys
import urllib.parse
import zipfile


def record(name, data):
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(data)}"


def main():
    path, folder = pathlib.Path(sys.argv[1]), sys.argv[2]
    here = f"file://{urllib.parse.quote(folder)}".encode()
    with zipfile.ZipFile(path) as wheel:
        entries = wheel.infolist()
        files = {it.filename: wheel.read(it) for it in entries}
    bills = [it for it in files if "/sboms/" in it]
    for it in bills:
        files[it] = files[it].replace(here, b"file:///specql-lsp")
    (listing,) = (it for it in files if it.endswith(".dist-info/RECORD"))
    lines = files[listing].decode().splitlines()
    named = ((it, it.split(",")[0]) for it in lines)
    lines = [record(name, files[name]) if name in bills else line for line, name in named]
    files[listing] = ("\n".join(lines) + "\n").encode()
    with zipfile.ZipFile(path, "w") as wheel:
        for it in entries:
            wheel.writestr(it, files[it.filename], it.compress_type, 9)


if __name__ == "__main__":
    main()
