#!/bin/sh
# Makes .venv with Parley and every extra. Finds a Python 3.11 to 3.13 that has Tk; on Debian as root it installs what
# is missing (Tk, Xvfb, xdotool and xclip for the window tests, chromium and tmux for those of the page and the terminal,
# fonts for the scripts that the bundled ones lack).
# Safe to run again: what is there stays.
set -eu
cd "$(dirname "$0")/.."
venv=.venv

say() { printf 'setup: %s\n' "$*"; }

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }
has_tk() { "$1" -c 'import tkinter, venv, ensurepip' 2>/dev/null; }

# The first Python that passes every test given as an argument.
find_python() {
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python \
        /usr/bin/python3 "${HOME:-/}"/.pyenv/versions/3.1[123].*/bin/python; do
        found=$candidate
        for test in "$@"; do
            "$test" "$candidate" || found=
        done
        [ -z "$found" ] || { command -v "$found"; return 0; }
    done
    return 1
}

debian_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

install() {
    say "installing with apt-get: $*"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null || say "apt-get update failed, trying with the lists there are"
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null || say "apt-get could not install all of: $*"
}

if debian_root; then
    wanted=
    find_python fits has_tk >/dev/null || wanted="python3 python3-venv python3-tk tk"
    command -v Xvfb >/dev/null || wanted="$wanted xvfb"
    command -v xdotool >/dev/null || wanted="$wanted xdotool"
    command -v xclip >/dev/null || wanted="$wanted xclip"
    command -v chromium >/dev/null || wanted="$wanted chromium"
    command -v tmux >/dev/null || wanted="$wanted tmux"
    command -v openssl >/dev/null || wanted="$wanted openssl"
    for font in fonts-dejavu-core fonts-droid-fallback fonts-noto-color-emoji; do
        dpkg -s "$font" >/dev/null 2>&1 || wanted="$wanted $font"
    done
    # shellcheck disable=SC2086  # a list of words is meant
    [ -z "$wanted" ] || install $wanted
fi

if [ -x $venv/bin/python ] && fits $venv/bin/python && has_tk $venv/bin/python; then
    :
elif python=$(find_python fits has_tk); then
    say "making $venv with $python"
    "$python" -m venv --clear $venv
elif python=$(find_python fits); then
    say "$python has no Tk: server and tools will run, the window will not." \
        "On Debian or Ubuntu: sudo apt install python3-tk python3-venv. On macOS: brew install python-tk"
    "$python" -m venv --clear $venv
else
    say "Parley needs Python 3.11, 3.12 or 3.13 and found none. Install one, or name it: make setup PYTHON=/path/to/python" >&2
    exit 1
fi

say "installing Parley and its packages into $venv"
$venv/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
say "done"
