"""Whoever packed it may mean harm: nothing is written elsewhere, nothing grows without end, and the reason is told."""

import io
import lzma
import os
import resource
import stat
import struct
import tarfile
import tempfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from classroom import COMPRESSED, SOURCE, lay, tar_bytes, tarred, zip_bytes, zipped

from socklab import catalog, submission
from socklab.batch import intake, trees
from socklab.batch.archives import Limits
from socklab.batch.intake import Intake
from socklab.errors import SetupError

Collect = Callable[[Path], Intake]

GOOD = {"lee.c": SOURCE}
"""Is in each archive as well, and is found whatever else is."""


@pytest.fixture
def unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which temporary folders are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def collect(unpacked: Path) -> Iterator[Collect]:
    """`intake.collect` for is-port-open; nothing may be left of it."""
    opened: list[Intake] = []

    def collected(source: Path) -> Intake:
        opened.append(intake.collect(catalog.find("is-port-open"), [str(source)]))
        return opened[-1]

    yield collected
    for each in opened:
        each.close()
        each.close()
    assert list(unpacked.iterdir()) == []


def ids(found: Intake) -> list[str]:
    assert all(submission.read(each.path).content == SOURCE for each in found.handed_in)
    return [each.student.id for each in found.handed_in]


def reasons(found: Intake) -> str:
    return "\n".join(f"{each.origin} {each.reason}" for each in found.troubles)


def info(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


def zip_member(name: str, mode: int = 0, flags: int = 0) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.external_attr = mode << 16
    member.flag_bits |= flags
    return member


# -- where things are written ----------------------------------------------------------------------------------------

ESCAPES = [
    "../evil.c",
    "/tmp/evil.c",
    "a/../../evil.c",
    "..\\evil.c",
    "C:\\evil.c",
    "C:/evil.c",
    "\\\\host\\share\\evil.c",
    "/../evil.c",
]


@pytest.mark.parametrize("name", ESCAPES)
@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
def test_a_name_that_leads_out_is_told_and_not_taken(
    name: str, suffix: str, collect: Collect, tmp_path: Path, unpacked: Path
) -> None:
    """Up, absolute, with a drive, with backslashes."""
    make = zipped if suffix == ".zip" else tarred
    found = collect(make(tmp_path / f"d{suffix}", {name: SOURCE, **GOOD}))
    assert ids(found) == ["lee"]
    assert "its name leads out of the archive" in reasons(found)
    assert [path.name for path in unpacked.rglob("*.c")] == ["000001.c"]
    assert not any(path.name == "evil.c" for path in tmp_path.rglob("*"))


def test_what_is_unpacked_is_for_its_owner_alone(collect: Collect, tmp_path: Path, unpacked: Path) -> None:
    """One folder, and files with numbers for names, whatever they are called."""
    collect(
        zipped(
            tmp_path / "d.zip",
            {f"{'x' * 200}.c": SOURCE, "a/b/\u202ec.py": SOURCE, "notes.pdf": b"x", "k/hw.zip": zip_bytes(GOOD)},
        )
    )
    (folder,) = unpacked.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(path.name for path in folder.iterdir()) == ["000001.c", "000002.py", "000004.c"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_nothing_is_unpacked_of_a_folder(collect: Collect, tmp_path: Path, unpacked: Path) -> None:
    """Its files are read where they are."""
    found = collect(lay(tmp_path / "d", GOOD))
    assert found.handed_in[0].path == str(tmp_path / "d" / "lee.c")
    assert list(unpacked.iterdir()) == []


def test_nothing_stays_if_it_goes_wrong(tmp_path: Path, unpacked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is for whoever runs the machine to mend."""
    written: list[str] = []

    def full(member: object, target: io.BufferedWriter) -> str:
        written.append(target.name)
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(trees, "_copy", full)
    with pytest.raises(SetupError, match="No space left"):
        intake.collect(catalog.find("is-port-open"), [str(zipped(tmp_path / "d.zip", GOOD))])
    assert written
    assert list(unpacked.iterdir()) == []


def test_it_is_deleted_at_the_end_of_a_with(tmp_path: Path, unpacked: Path) -> None:
    """Whoever grades need not remember it."""
    source = zipped(tmp_path / "d.zip", GOOD)
    with intake.collect(catalog.find("is-port-open"), [str(source)]):
        assert list(unpacked.iterdir()) != []
    assert list(unpacked.iterdir()) == []


# -- what is no file -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (tarfile.SYMTYPE, "it is a link"),
        (tarfile.LNKTYPE, "it is a link"),
        (tarfile.CHRTYPE, "no ordinary file"),
        (tarfile.BLKTYPE, "no ordinary file"),
        (tarfile.FIFOTYPE, "no ordinary file"),
        (tarfile.CONTTYPE, ""),
    ],
)
def test_what_is_no_ordinary_file_is_not_taken_from_a_tar(
    kind: bytes, words: str, collect: Collect, tmp_path: Path
) -> None:
    """Links lead to what is not the student's; devices and pipes are nobody's. (A contiguous file is an ordinary one.)"""
    path = tmp_path / "d.tar.gz"
    path.write_bytes(COMPRESSED[".tar.gz"](tar_bytes([info("lee.c"), info("kim.c", kind, "lee.c"), info("park.c")])))
    found = collect(path)
    assert ids(found) == (["lee", "park"] if words else ["kim", "lee", "park"])
    assert words in reasons(found)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_what_is_no_ordinary_file_is_not_taken_from_a_zip(kind: int, collect: Collect, tmp_path: Path) -> None:
    """As Info-ZIP writes them: the mode in the upper half of the external attributes."""
    found = collect(zipped(tmp_path / "d.zip", [(zip_member("kim.c", kind | 0o644), b"/etc/passwd"), *GOOD.items()]))
    assert ids(found) == ["lee"]
    assert ("it is a link" if kind == stat.S_IFLNK else "no ordinary file") in reasons(found)


def test_an_encrypted_file_is_told(collect: Collect, tmp_path: Path) -> None:
    """The flag in its entry says so."""
    path = zipped(tmp_path / "d.zip", {"kim.c": SOURCE, **GOOD})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    found = collect(path)
    assert ids(found) == ["lee"]
    assert "d.zip: kim.c it is encrypted" in reasons(found)


def test_a_compression_with_a_dictionary_of_gigabytes_is_not_read(collect: Collect, tmp_path: Path) -> None:
    """LZMA in a zip; the usual ones are enough."""
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kim.c", SOURCE, zipfile.ZIP_LZMA)
        archive.writestr("lee.c", SOURCE, zipfile.ZIP_BZIP2)
    found = collect(path)
    assert ids(found) == ["lee"]
    assert "compressed in a way that is not read" in reasons(found)


# -- what is too much ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
def test_a_large_file_is_not_unpacked(suffix: str, collect: Collect, tmp_path: Path, unpacked: Path) -> None:
    """Nor one that cannot be a submission, however small."""
    make = zipped if suffix == ".zip" else tarred
    found = collect(make(tmp_path / f"d{suffix}", {"kim.c": b"x" * 1_000_001, "kim.pdf": b"x", **GOOD}))
    assert ids(found) == ["lee"]
    assert "1,000,001 bytes are too many" in reasons(found)
    assert len([*unpacked.rglob("*.*")]) == 1


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz", ".tar.bz2", ".tar.xz"])
@pytest.mark.parametrize("name", ["zeros.c", "zeros.bin"])
def test_a_bomb_is_not_unpacked(
    suffix: str, name: str, collect: Collect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it would be written or only passed over."""
    monkeypatch.setattr(trees, "CLASS", Limits(members=100, ratio=10, free=1_000_000))
    make = zipped if suffix == ".zip" else tarred
    found = collect(make(tmp_path / f"d{suffix}", {**GOOD, name: bytes(5_000_000), "park.c": SOURCE}))
    assert ids(found) == (["lee"] if suffix == ".zip" else []), "a tar is read to its end before any of it is believed"
    assert "far larger when unpacked" in reasons(found)


def test_a_bomb_of_a_student_harms_no_other(collect: Collect, tmp_path: Path) -> None:
    """Many files of the largest size, with the limits as they are."""
    zeros = b"\n" * 1_000_000
    bomb = zip_bytes({f"{n}.c": zeros for n in range(100)})
    found = collect(
        zipped(
            tmp_path / "d.zip",
            {"kim/hw.zip": bomb, "kim2/hw.tar.xz": lzma.compress(tar_bytes({"x.bin": bytes(40_000_000)})), **GOOD},
        )
    )
    assert ids(found) == ["lee"]
    assert "kim/hw.zip the archive was not read to its end" in reasons(found)
    assert "kim2/hw.tar.xz the archive was not read to its end" in reasons(found)


def test_the_bytes_that_are_unpacked_are_bounded(
    collect: Collect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All together, not only each."""
    monkeypatch.setattr(trees, "KEPT", 2 * len(SOURCE))
    found = collect(zipped(tmp_path / "d.zip", {f"{name}.c": SOURCE for name in "abc"}))
    assert ids(found) == ["a", "b"]
    assert "would have to be unpacked" in reasons(found)


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
def test_the_number_of_files_is_bounded(
    suffix: str, collect: Collect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Empty ones cost as well."""
    monkeypatch.setattr(trees, "CLASS", Limits(members=2, ratio=200, free=1_000_000))
    make = zipped if suffix == ".zip" else tarred
    found = collect(make(tmp_path / f"d{suffix}", {f"{name}.c": SOURCE for name in "abc"}))
    assert ids(found) == ["a", "b"]
    assert "more than 2 files" in reasons(found)


def test_a_folder_without_end_is_left(collect: Collect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of files that are looked at is bounded there too."""
    monkeypatch.setattr(trees, "MOST_FILES", 2)
    assert "more than 2 files" in reasons(collect(lay(tmp_path / "d", {f"{n}.c": SOURCE for n in range(5)})))


def test_archives_are_looked_into_once(collect: Collect, tmp_path: Path) -> None:
    """An archive in an archive in an archive is told, in a folder as in an archive."""
    once = zip_bytes({"is_port_open.c": SOURCE})
    week = {"kim/hw.zip": zip_bytes({"deeper.zip": once}), "lee/hw.zip": once}
    for source in (lay(tmp_path / "d", week), zipped(tmp_path / "d.zip", week)):
        found = collect(source)
        assert ids(found) == ["lee"]
        assert "kim/hw.zip: deeper.zip it is an archive in an archive" in reasons(found)


def test_overlapping_entries_are_counted_each(collect: Collect, tmp_path: Path) -> None:
    """Many entries that share one compressed block (Fifield, 2019): 200 million bytes in 200 thousand."""
    path = tmp_path / "d.zip"
    zipped(path, {"a.c": b"\n" * 1_000_000})
    data = path.read_bytes()
    at, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    entry, count = data[at:end], 200
    tail = b"PK\5\6" + struct.pack("<4H2LH", 0, 0, count, count, len(entry) * count, at, 0)
    path.write_bytes(data[:at] + entry * count + tail)
    found = collect(path)
    assert found.handed_in == ()
    assert "far larger when unpacked" in reasons(found)


def test_memory_does_not_grow_with_contents(collect: Collect, tmp_path: Path) -> None:
    """Peak of ten times the bytes is the same."""
    peaks = []
    for size in (50_000, 900_000):
        source = zipped(tmp_path / f"{size}.zip", {f"{n}.c": os.urandom(size // 2).hex().encode() for n in range(20)})
        tracemalloc.start()
        collect(source)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 500_000


# -- headers that lie ------------------------------------------------------------------------------------------------


def pax(records: bytes, size: int | None = None) -> bytes:
    """A pax header with `records`, which says that it has `size` bytes."""
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, len(records) if size is None else size
    return header.tobuf(tarfile.USTAR_FORMAT) + records + bytes(-len(records) % 512)


def with_digits(data: bytes) -> bytes:
    return pax(b"7" * 8_000) + data


HEADERS = {
    "a pax header of a gigabyte": lambda data: pax(b"", 1 << 30) + data,
    "pax records of digits only": with_digits,
    "pax headers without end": lambda data: pax(b"11 a=bcdef\n") * 5_000 + data,
    "a size below nothing": lambda data: negative_size() + data,
}


def negative_size() -> bytes:
    """A member of -512 bytes in base 256, which leads tarfile back to itself (CVE-2025-8194)."""
    header = bytearray(tarfile.TarInfo("kim.c").tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"\xff" * 10 + b"\xfe\x00"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


@pytest.mark.parametrize("lie", HEADERS)
def test_headers_that_lie_cost_neither_time_nor_memory(lie: str, collect: Collect, tmp_path: Path) -> None:
    """tarfile would read them as a whole, or for ever."""
    path = tmp_path / "d.tar.gz"
    path.write_bytes(COMPRESSED[".tar.gz"](HEADERS[lie](tar_bytes(GOOD))))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    found = collect(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 1
    assert "not read to its end" in reasons(found)


def test_headers_of_many_megabytes_are_not_read(collect: Collect, tmp_path: Path) -> None:
    """They fit into a small archive."""
    path = tmp_path / "d.tar.gz"
    path.write_bytes(COMPRESSED[".tar.gz"](pax(bytes(30_000_000)) + tar_bytes(GOOD)))
    tracemalloc.start()
    found = collect(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000
    assert "headers of a file in it are too long" in reasons(found)


def test_a_sparse_file_is_not_taken(collect: Collect, tmp_path: Path) -> None:
    """It says to be larger than the archive; sources have no holes."""
    member = info("kim.c", tarfile.GNUTYPE_SPARSE)
    path = tmp_path / "d.tar"
    header = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    path.write_bytes(bytes(header) + tar_bytes(GOOD))
    found = collect(path)
    assert ids(found) == ["lee"]
    assert "no ordinary file" in reasons(found)


def test_xz_that_asks_for_gigabytes_is_refused(collect: Collect, tmp_path: Path) -> None:
    """Its dictionary is part of its header."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 29}]
    path = tmp_path / "d.tar.xz"
    path.write_bytes(lzma.compress(tar_bytes(GOOD), filters=filters))
    assert "emory" in reasons(collect(path))


def test_a_central_directory_of_gigabytes_is_not_read(collect: Collect, tmp_path: Path) -> None:
    """It would be taken into memory as a whole."""
    path = zipped(tmp_path / "d.zip", GOOD)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\5\6")
    data[at + 12 : at + 16] = (1 << 31).to_bytes(4, "little")
    path.write_bytes(data)
    assert "too many files" in reasons(collect(path))


# -- what is damaged -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".zip", *COMPRESSED])
def test_a_truncated_archive_is_told_wherever_it_ends(suffix: str, collect: Collect, tmp_path: Path) -> None:
    """In its headers, in a file, before its end; no half of a file is ever taken."""
    make = zipped if suffix == ".zip" else tarred
    contents = {f"{n:02}.c": SOURCE for n in range(10)}
    path = make(tmp_path / f"whole{suffix}", contents)
    whole = path.read_bytes().rstrip(b"\0") if suffix == ".tar" else path.read_bytes()
    for length in range(0, len(whole) - 1, max(1, len(whole) // 40)):
        cut = tmp_path / f"cut{suffix}"
        cut.write_bytes(whole[:length])
        found = collect(cut)
        assert len(ids(found)) < 10 or suffix == ".tar.xz" or length > len(whole) - 50
        assert found.troubles, length


@pytest.mark.parametrize("suffix", [".zip", *COMPRESSED])
def test_a_damaged_archive_is_told_wherever_it_is_damaged(suffix: str, collect: Collect, tmp_path: Path) -> None:
    """Each byte in turn: no traceback, and what is taken is what was packed."""
    make = zipped if suffix == ".zip" else tarred
    whole = make(tmp_path / f"whole{suffix}", {"kim.c": SOURCE, "lee/a.py": SOURCE}).read_bytes()
    path = tmp_path / f"damaged{suffix}"
    for at in range(0, min(len(whole), 1_600), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        found = collect(path)
        if suffix != ".tar":  # which has no checksum of contents
            ids(found)


@pytest.mark.parametrize("name", ["d.zip", "d.tar", "d.tar.gz", "d.tgz", "d.tar.xz", "d.tar.bz2"])
@pytest.mark.parametrize(
    "content", [b"", b"PK", b"no archive", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", bytes(100), b"x" * 2_000]
)
def test_what_is_no_archive_is_told(name: str, content: bytes, collect: Collect, tmp_path: Path) -> None:
    """Whatever its name says."""
    (tmp_path / name).write_bytes(content)
    found = collect(tmp_path / name)
    assert found.handed_in == ()
    assert "not read to its end" in reasons(found)


def test_a_file_whose_checksum_is_wrong_is_not_taken(collect: Collect, tmp_path: Path, unpacked: Path) -> None:
    """Nor is anything left of it."""
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kim.c", SOURCE)
        archive.writestr("lee.c", SOURCE)
    path.write_bytes(path.read_bytes().replace(b"!= 0", b"== 0", 1))
    found = collect(path)
    assert ids(found) == ["lee"]
    assert "kim.c it is damaged" in reasons(found)
    assert len([*unpacked.rglob("*.c")]) == 1


# -- names in zips ---------------------------------------------------------------------------------------------------


def renamed(path: Path, name: bytes, utf8: bool, extra: bytes = b"") -> Path:
    """A zip with one file whose name is these bytes."""
    crc = zlib.crc32(SOURCE)
    flags = 0x800 if utf8 else 0
    common = struct.pack("<5H3L2H", 20, flags, 0, 0, 0x21, crc, len(SOURCE), len(SOURCE), len(name), len(extra))
    local = b"PK\3\4" + common + name + extra + SOURCE
    central = b"PK\1\2" + b"\x14\0" + common + struct.pack("<3H2L", 0, 0, 0, 0, 0) + name + extra
    path.write_bytes(local + central + b"PK\5\6" + struct.pack("<4H2LH", 0, 0, 1, 1, len(central), len(local), 0))
    return path


def unicode_extra(raw: bytes, name: str) -> bytes:
    """Info-ZIP's Unicode path (APPNOTE 4.6.9)."""
    field = b"\1" + struct.pack("<L", zlib.crc32(raw)) + name.encode()
    return struct.pack("<HH", 0x7075, len(field)) + field


@pytest.mark.parametrize(
    ("raw", "utf8", "extra", "student"),
    [
        ("김민지.c".encode(), True, b"", "김민지"),
        ("김민지.c".encode(), False, b"", "김민지"),
        (b"Zo\x89.c", False, b"", "Zoë"),
        ("김민지.c".encode("cp949"), False, unicode_extra("김민지.c".encode("cp949"), "김민지.c"), "김민지"),
        (b"kim.c", False, unicode_extra(b"other.c", "김민지.c"), "kim"),
        (b"kim\\is_port_open.c", False, b"", "kim"),
        (b"kim.c\0.c", False, b"", "kim.c\\x00"),
        (b"kim\x1b.c", False, b"", "kim\\x1b"),
    ],
)
def test_names_are_read_whoever_wrote_them(
    raw: bytes, utf8: bool, extra: bytes, student: str, collect: Collect, tmp_path: Path
) -> None:
    """Flagged as UTF-8, UTF-8 without the flag (macOS), CP437 (DOS), another code page with a Unicode extra field, backslashes."""
    assert ids(collect(renamed(tmp_path / "d.zip", raw, utf8, extra))) == [student]


def test_two_members_of_one_name_are_two_candidates(collect: Collect, tmp_path: Path) -> None:
    """Which of them unzip would leave is not asked."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zipped(tmp_path / "d.zip", [("kim.c", SOURCE), ("kim.c", SOURCE + b"/**/"), *GOOD.items()])
    found = collect(path)
    assert ids(found) == ["lee"]
    assert "more than one file may be the submission" in reasons(found)


def test_a_thousand_bad_names_do_not_fill_the_report(collect: Collect, tmp_path: Path) -> None:
    """The first few are told, and how many there are."""
    found = collect(zipped(tmp_path / "d.zip", {**{f"../{n}.c": b"x" for n in range(1_000)}, **GOOD}))
    assert ids(found) == ["lee"]
    assert len(found.troubles) == 6
    assert "and 995 more" in reasons(found)
