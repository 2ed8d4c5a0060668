"""What the released parser (specql-generator 0.5.0 from PyPI) says of documents.

Reads frames from standard input, a line with the number of bytes and then that many bytes of UTF-8, and
answers each with one line of JSON: nothing where the file is accepted, else the error's class and text.
The first argument is the folder that holds the unpacked wheel: it imports itself as `src`, which it does
not install.
"""

import json
import logging
import sys
import types

package = types.ModuleType("src")
package.__path__ = [sys.argv[1]]
sys.modules["src"] = package
logging.disable(logging.CRITICAL)

from src.core.specql_parser import SpecQLParser  # noqa: E402


def answer(text):
    """The first error, or nothing."""
    try:
        SpecQLParser().parse(text)
        return {}
    except RecursionError:
        return {"class": "RecursionError", "text": ""}
    except Exception as error:  # noqa: BLE001: whatever is raised, the file is refused
        return {"class": type(error).__name__, "text": str(error)}


def main():
    """Answers frame after frame."""
    while header := sys.stdin.buffer.readline():
        text = sys.stdin.buffer.read(int(header)).decode()
        print(json.dumps(answer(text)), flush=True)


main()
