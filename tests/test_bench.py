"""The benchmarks run from end to end, and their checks see what is wrong with a stream."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.checks import check_end, check_witness
from bench.dialects import IrcLines, ParleyLines
from bench.peers import PEERS
from bench.process import BenchError
from shared.protocol import Message, encode_line

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the benchmarks need Linux")
ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_all_of_it_runs_and_its_results_are_written(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench", "--quick", "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=115)
    assert done.returncode == 0, done.stderr
    figures = json.loads((tmp_path / "results.json").read_text("utf-8"))["figures"]
    assert [run["peer"] for run in figures["runs"]] == [name for name, peer in PEERS.items() if peer.installed]
    assert all(run["saturation"]["deliveries_per_second"] > 0 for run in figures["runs"])
    assert figures["starts"][0]["events"] == 5_000
    page = (tmp_path / "README.md").read_text("utf-8")
    assert "deliveries/s at saturation" in page and done.stdout.strip() in page


def lines(*seqs_and_texts: tuple[int, str, str]) -> bytes:
    """A stream of messages: seq, who, text."""
    return b"".join(
        encode_line(Message(seq=seq, prev=seq - 1, time="now", room="bench", user=user, id=text, text=f"{text} hello"))
        for seq, user, text in seqs_and_texts
    )


POSTED = ["01", "02", "03"]
WHOLE = ((7, "alice", "01"), (8, "bob", "02"), (9, "alice", "03"))


def test_a_whole_stream_passes() -> None:
    said = check_witness(ParleyLines(), lines(*WHOLE), POSTED)
    assert [message.user for message in said] == ["alice", "bob", "alice"]


def test_irc_is_understood() -> None:
    stream = b":alice!bench@127.0.0.1 PRIVMSG #bench :01 hello\r\n:bob!bench@127.0.0.1 PRIVMSG #bench :02 it's: me\r\n"
    assert [said.user for said in check_witness(IrcLines(), stream, ["01", "02"])] == ["alice", "bob"]
    with pytest.raises(BenchError, match="no message"):
        check_witness(IrcLines(), stream + b":bob!bench@127.0.0.1 QUIT :gone\r\n", ["01", "02"])


@pytest.mark.parametrize(
    ("stream", "complaint"),
    [
        ((WHOLE[0], WHOLE[2]), "After the event 7 came 9"),
        ((WHOLE[0], WHOLE[1]), "3 messages were posted, 2 of them came"),
        ((*WHOLE, (10, "bob", "02")), "1 messages came more than once"),
        (((7, "alice", "03"), (8, "bob", "02"), (9, "alice", "01")), "alice said 01 after 03"),
    ],
)
def test_a_stream_with_a_fault_does_not(stream: tuple[tuple[int, str, str], ...], complaint: str) -> None:
    with pytest.raises(BenchError, match=complaint):
        check_witness(ParleyLines(), lines(*stream), POSTED)


def test_the_end_of_a_stream_may_begin_anywhere_but_must_fit() -> None:
    stream, answer = lines(*WHOLE), b'{"type":"ok","id":"02","seq":8,"time":"now"}\n'
    cut = stream[30:].replace(b"\n", b"\n" + answer, 1)
    check_end(ParleyLines(), stream, cut, whole=False)
    check_end(ParleyLines(), stream, answer + stream, whole=True)
    with pytest.raises(BenchError):
        check_end(ParleyLines(), stream, cut.replace(b"03 hello", b"03 hallo"), whole=False)
    with pytest.raises(BenchError):
        check_end(ParleyLines(), stream, lines(*WHOLE[1:]), whole=True)
