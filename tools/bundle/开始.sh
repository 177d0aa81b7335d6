#!/bin/sh
# Start the desk from this folder; the first time everything is installed into it, without network.
set -eu
cd "$(dirname "$0")"

usable() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if ! [ -e .venv/installed ]; then
    python=
    for candidate in python3 python3.13 python3.12 python3.11; do
        if usable "$candidate"; then
            python=$candidate
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "没有找到可用的 Python：需要 3.11，并带有 venv 组件（Debian、Ubuntu 为 python3-venv）。" >&2
        exit 1
    fi
    echo "第一次运行，正在安装，约需一两分钟……"
    "$python" -m venv --clear .venv
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-index --find-links wheels nianbao
    touch .venv/installed
fi
if ! [ -d 年报 ]; then
    mkdir 年报
    (cd 年报 && ../.venv/bin/nianbao init --empty >/dev/null)
    if [ -d fonts ]; then
        mkdir -p 年报/fonts
        cp fonts/* 年报/fonts/
    fi
fi
exec .venv/bin/nianbao desk --root 年报 "$@"
