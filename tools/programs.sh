#!/bin/sh
# Get what the tests drive and no Python package brings: a browser, an office, Java, npm and its tools.
# Debian's packages are installed where that is allowed (as root). Where it is not, the tests that need
# them are skipped and say so; under NIANBAO_ALL_TESTS that is a failure.
set -eu

has() {
    command -v "$1" >/dev/null
}

installed() {
    for package; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' && return
    done
    return 1
}

missing() {
    # The browser without a window suffices, and is the quickest.
    has chromium-headless-shell || has chromium || has chromium-browser || has google-chrome ||
        echo chromium-headless-shell
    # The browser driver of playwright is linked to it and does not bring it.
    installed libatomic1 || echo libatomic1
    installed libreoffice-writer-nogui libreoffice-writer || echo libreoffice-writer-nogui
    installed libreoffice-calc-nogui libreoffice-calc || echo libreoffice-calc-nogui
    has java || echo default-jre-headless
    has npm || echo npm
}

get() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"
}

if has apt-get && has dpkg-query; then
    packages=$(missing | tr '\n' ' ')
    if [ -n "$packages" ] && [ "$(id -u)" = 0 ]; then
        echo "测试还需要以下程序，正在安装（几百 MB，需几分钟）：apt-get install $packages" >&2
        log=$(mktemp)
        # shellcheck disable=SC2086 # a list of names
        if ! get $packages >"$log" 2>&1; then
            tail -n 5 "$log" >&2
            echo "没有装成，用到它们的测试将不做。" >&2
        fi
        rm -f "$log"
    fi
fi

tools=node_modules/.ready
if has npm && { [ ! -e "$tools" ] || [ package-lock.json -nt "$tools" ]; }; then
    if npm ci --no-audit --no-fund --loglevel=error >&2; then
        touch "$tools"
    else
        echo "网页检查工具没有取得（npm ci），用到它们的测试将不做。" >&2
    fi
fi
