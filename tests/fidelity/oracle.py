"""What PyYAML's `safe_load` makes of documents: the norm that this project's reader is measured by.

Reads frames from standard input, a line with the number of bytes and then that many bytes of UTF-8, and
answers each with one line of JSON: the value in typed form or the error, and what in it lies outside of
SpecQL's profile. It runs the loader in pure Python, which is the one that `yaml.safe_load` uses.
"""

import datetime
import json
import sys

import yaml


def decimal(number):
    """All digits of a number: the limit of Python guards the loader, not this report."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return str(number)
    finally:
        sys.set_int_max_str_digits(limit)


def typed(value):
    """The value with its types, which JSON alone does not tell apart."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        # Halves of a pair are no text that could be written to a file or a database.
        if any("\ud800" <= it <= "\udfff" for it in value):
            return {"surrogates": ascii(value)}
        return value
    if isinstance(value, int):
        return {"int": decimal(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, datetime.datetime):
        offset = value.utcoffset()
        parts = [*value.timetuple()[:6], value.microsecond]
        return {"timestamp": parts + ([] if offset is None else [offset // datetime.timedelta(minutes=1)])}
    if isinstance(value, datetime.date):
        return {"timestamp": list(value.timetuple()[:3])}
    if isinstance(value, list):
        return {"list": [typed(it) for it in value]}
    if isinstance(value, dict):
        return {"map": [[typed(key), typed(it)] for key, it in value.items()]}
    # Sets, pairs, tuples and bytes need a tag.
    return {"other": type(value).__name__}


def answer(text):
    """The value of a text, or why it has none."""
    try:
        value = typed(yaml.load(text, Loader=yaml.SafeLoader))
        return {"value": value, "outside": outside(text)}
    except RecursionError:
        return {"error": "RecursionError: the value contains itself, or is nested too deeply"}
    except Exception as error:  # noqa: BLE001: whatever is raised, the file is not loaded
        return {"error": f"{type(error).__name__}: {error}"}


def outside(text):
    """The tags and the `?` keys of a text that is loaded."""
    found = set()
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.TagToken):
            found.add("tag")
        elif isinstance(token, yaml.KeyToken) and text[token.start_mark.index] == "?":
            # A key that only begins with the mark is a plain scalar, which follows its token.
            if token.end_mark.index > token.start_mark.index:
                found.add("explicit key")
    return sorted(found)


def main():
    frames, answers = sys.stdin.buffer, sys.stdout
    while header := frames.readline():
        text = frames.read(int(header)).decode("utf-8")
        answers.write(json.dumps(answer(text)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
