"""Confine the process of a query by the operating system, in addition to DuckDB's own limits.

The Linux kernel provides three fences, each tried on its own: a network namespace without a network, Landlock (only
the release file can be opened, and only for reading) and a seccomp filter (no sockets, no other programs, no access to
other processes). If a kernel lacks or forbids a fence, the query runs without it, and this is reported.
"""

import ctypes
import os
import platform
import struct
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_SIGKILL = 9
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
# These numbers are the same on every architecture of Linux.
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE = 1 << 2
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
"""All file rights of each version of Landlock. A right is refused unless a rule gives it."""
_LIMITS_OF_THE_MACHINE = (Path("/proc/self/cgroup"), Path("/sys/fs/cgroup"))
"""DuckDB reads its memory limit from these files, and crashes if they exist but cannot be read."""
_TCP = 3
"""The rights to bind and to connect, from version 4 on."""
_SCOPES = 3
"""Scopes that refuse abstract sockets of other processes, and signals to them, from version 6 on."""

# The system calls to refuse. Others, such as mount and kexec, need rights that the process does not have.
_CLOSED = {
    "x86_64": (
        0xC000003E,
        (41, 42, 43, 44, 46, 49, 50, 53, 57, 58, 59, 62, 101, 272, 288, 307, 308, 310, 311, 321, 322, 425, 434),
    ),
    "aarch64": (
        0xC00000B7,
        (97, 117, 129, 198, 199, 200, 201, 202, 203, 206, 211, 221, 242, 268, 269, 270, 271, 280, 281, 425, 434),
    ),
}
"""For each architecture, its audit number and the numbers of the refused system calls.

The calls concern sockets, fork and exec, ptrace and memory of other processes, signals, namespaces, bpf, io_uring and
pidfd.
"""
_X32 = 0x40000000
_CLONE, _CLONE3, _CLONE_THREAD = {"x86_64": 56, "aarch64": 220}, 435, 0x10000
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_IF_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE, _UNKNOWN_CALL, _KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
_SECCOMP_SET_FILTER, _SECCOMP_ALL_THREADS = 1, 1
_SECCOMP_CALL = {"x86_64": 317, "aarch64": 277}


class _Refused(OSError):
    """The kernel refuses this fence."""


def confine(file: Path) -> list[str]:
    """Confine the process to reading one file. Call this before the file is opened and before any thread starts.

    Returns the names of the fences that this machine lacks.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)  # end this process when its parent ends
    fences: dict[str, Callable[[], None]] = {
        "network namespace": lambda: _leave_the_network(libc),
        "Landlock": lambda: _see_only(libc, file),
        "seccomp": lambda: _filter_calls(libc),
    }
    missing: list[str] = []
    for name, close in fences.items():
        try:
            close()
        except (OSError, AttributeError, KeyError):
            missing.append(name)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    return missing


def _check(result: int) -> int:
    if result < 0:
        raise _Refused(ctypes.get_errno(), "refused by the kernel")
    return result


def _leave_the_network(libc: ctypes.CDLL) -> None:
    """Enter a network namespace whose only device is a loopback that is down. Without root, also a user namespace."""
    if libc.unshare(_CLONE_NEWNET) != 0:
        _check(libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET))


def _see_only(libc: ctypes.CDLL, file: Path) -> None:
    libc.syscall.restype = ctypes.c_long
    version = _check(libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), _LANDLOCK_VERSION))
    rights = _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]
    rules = struct.pack("=QQQ", rights, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)  # noqa: PLR2004
    size = 24 if version >= 6 else 16 if version >= 4 else 8  # noqa: PLR2004
    ruleset = _check(libc.syscall(_LANDLOCK_CREATE, rules, ctypes.c_size_t(size), 0))
    try:
        for path in (file, *(path for path in _LIMITS_OF_THE_MACHINE if path.exists())):
            opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                rule = struct.pack("=Qi", _READ_FILE, opened)
                _check(libc.syscall(_LANDLOCK_ADD, ruleset, _PATH_BENEATH, rule, 0))
            finally:
                os.close(opened)
        _check(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        _check(libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0))
    finally:
        os.close(ruleset)


def _filter_calls(libc: ctypes.CDLL) -> None:
    machine = platform.machine()
    audit, closed = _CLOSED[machine]

    def step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("=HBBI", code, yes, no, value)

    # The numbers mean other calls on another architecture, so a call made for another architecture ends the process.
    program = [step(_LOAD, 4), step(_JUMP_EQUAL, audit, 1, 0), step(_RETURN, _KILL), step(_LOAD, 0)]
    if machine == "x86_64":
        program += [step(_JUMP_AT_LEAST, _X32, 0, 1), step(_RETURN, _REFUSE)]
    # New threads are allowed and new processes are not. The filter cannot see which of the two `clone3` makes. libc can
    # do without `clone3`, so this call is reported as unknown.
    program += [step(_JUMP_EQUAL, _CLONE3, 0, 1), step(_RETURN, _UNKNOWN_CALL)]
    program += [step(_JUMP_EQUAL, _CLONE[machine], 0, 4), step(_LOAD, 16), step(_JUMP_IF_SET, _CLONE_THREAD, 0, 1)]
    program += [step(_RETURN, _ALLOW), step(_RETURN, _REFUSE)]
    for number in closed:
        program += [step(_JUMP_EQUAL, number, 0, 1), step(_RETURN, _REFUSE)]
    program.append(step(_RETURN, _ALLOW))
    code = ctypes.create_string_buffer(b"".join(program))
    filters = ctypes.create_string_buffer(struct.pack("=HxxxxxxQ", len(program), ctypes.addressof(code)))
    _check(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    libc.syscall.restype = ctypes.c_long
    _check(libc.syscall(_SECCOMP_CALL[machine], _SECCOMP_SET_FILTER, _SECCOMP_ALL_THREADS, filters))
