@echo off
rem Start the desk from this folder; the first time everything is installed into it, without network.
chcp 65001 >nul
cd /d "%~dp0"
if exist .venv\installed goto run
set PYTHON=
py -3.11 -c "import venv" >nul 2>&1 && set PYTHON=py -3.11
if "%PYTHON%"=="" python -c "import sys, venv; sys.exit(sys.version_info < (3, 11))" >nul 2>&1 && set PYTHON=python
if "%PYTHON%"=="" (
  echo 没有找到 Python 3.11。请先安装 Python（安装时勾选 Add python.exe to PATH），再双击本文件。
  pause
  exit /b 1
)
echo 第一次运行，正在安装，约需一两分钟……
%PYTHON% -m venv --clear .venv || goto failed
.venv\Scripts\python -m pip install -qq --disable-pip-version-check --no-index --find-links wheels nianbao || goto failed
echo done> .venv\installed
:run
if exist 年报 goto desk
mkdir 年报
pushd 年报
..\.venv\Scripts\nianbao init --empty >nul || goto failed
popd
if exist fonts xcopy /q /y /i fonts 年报\fonts >nul
:desk
.venv\Scripts\nianbao desk --root 年报 %*
pause
exit /b 0
:failed
echo 没有装好。请把这个窗口里的文字发给维护人员。
pause
exit /b 1
