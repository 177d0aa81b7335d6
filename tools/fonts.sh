#!/bin/sh
# Unpack the Fandol typefaces of Debian's package texlive-lang-chinese into the folder named by
# the first argument. Needs no root. Without them the fonts that come with the Python packages
# serve, so that not getting them is no failure.
set -eu

folder=$1
package=texlive-lang-chinese

if [ -e "$folder/FandolFang-Regular.otf" ]; then
    exit 0
fi

without() {
    echo "未取得公文字体（$1），改用随 Python 依赖安装的思源字体，不影响生成年报。" >&2
    exit 0
}

command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || without "本机不是 Debian 或 Ubuntu 系统"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# apt hands the download to its own user where it runs as root; the folder must let it in.
chmod 755 "$scratch"
echo "正在下载公文字体（约 50 MB）……" >&2
(cd "$scratch" && apt-get -qq download "$package" >/dev/null 2>&1) ||
    without "软件源中没有 $package，可先运行 apt-get update"
dpkg-deb -x "$scratch/$package"_*.deb "$scratch/files"

mkdir -p "$folder"
find "$scratch/files" \( -path '*/public/fandol/Fandol[FHKS]*.otf' -o -path '*/fonts/fandol/COPYING*' \) \
    -exec cp {} "$folder" \;
[ -e "$folder/FandolFang-Regular.otf" ] || without "$package 中没有 Fandol 字体"
echo "公文字体已放入 $folder/。" >&2
