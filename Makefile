# 政府信息公开工作年度报告：常用命令。直接运行 make 可列出全部命令。
# 只需预先装好 Python（3.11 或更高版本）、make 和 git，其余由 make 自行准备。

SHELL := /bin/sh
# A machine that forbids compiled modules would compile all of them anew in each process: a second each.
export PYTHONDONTWRITEBYTECODE :=
.DEFAULT_GOAL := help

AGENCY ?= yiyuan-sfj
YEAR ?= 2024

VENV := .venv
BIN := $(VENV)/bin
LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready

.PHONY: help report batch lab desk test lint check programs fonts lock docs bench bundle cluster clean

help: ## 列出全部命令
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

report: $(READY) ## 生成一份年报，如 make report AGENCY=yiyuan-sfj YEAR=2024
	$(BIN)/nianbao build $(AGENCY) $(YEAR)

batch: $(READY) ## 生成某一年度所有单位的年报，如 make batch YEAR=2024
	$(BIN)/nianbao batch --year $(YEAR)

# A bureau that is named gets its own finished notebook, made first if need be; else the master.
NOTEBOOK ?= $(if $(filter file,$(origin AGENCY)),notebooks/report.ipynb,output/$(AGENCY)/$(YEAR)/report.ipynb)

lab: $(READY) ## 在 JupyterLab 中打开主笔记本；写明 AGENCY=机关代码 则打开该机关的年报
	@test "$$(id -u)" != 0 || [ -n "$(LAB)" ] || { echo '现在的用户是 root，JupyterLab 不以它打开。请换普通用户再试；只有 root 的电脑，请键入：make lab LAB=--allow-root'; exit 1; }
	@test -f $(NOTEBOOK) || $(BIN)/nianbao build $(AGENCY) $(YEAR)
	@$(BIN)/jupyter trust $(wildcard output/*/*/report.ipynb) $(NOTEBOOK) >/dev/null
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/jupyter lab $(LAB) --ServerApp.root_dir="$(CURDIR)" \
		--ServerApp.terminado_settings='shell_command=["bash"]' $(NOTEBOOK)

desk: $(READY) ## 在浏览器里办全部事情：填报、核对、写正文、看报告、定稿
	$(BIN)/nianbao desk

test: $(READY) programs fonts ## 运行全部测试；缺少浏览器、办公软件等程序的，先行安装（须为 root）
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: $(READY) ## 检查代码的格式、规范、类型（几秒钟）
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint fonts ## 同 make lint，并运行快速测试
	$(BIN)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

programs: ## 安装测试要用的浏览器、办公软件、Java、npm（Debian，须为 root）
	@sh tools/programs.sh

fonts: ## 取得公文字体（仿宋、楷体、黑体、宋体），放入 fonts/，不需要管理员权限
	@sh tools/fonts.sh fonts

lock: $(READY) ## 重新锁定依赖版本；全部升级用 make lock UPGRADE=1
	$(BIN)/python tools/lock.py $(if $(UPGRADE),--upgrade)

docs: $(READY) ## 由代码更新 docs/ 中的各种一览，并生成可离线阅读的文档网站 site/
	$(BIN)/python tools/docs.py
	$(BIN)/mkdocs build --strict --quiet
	@echo "文档在 site/index.html，双击即可打开。"

bench: $(READY) ## 测量生成年报所用的时间
	$(BIN)/python benchmarks/batch.py --write

# 三种系统的安装包共约 500 MB；只要一种的，如 make bundle PLATFORM=windows_amd64
bundle: $(READY) fonts ## 把运行所需的一切打成一个压缩包，供不能联网的单位使用
	$(BIN)/python tools/bundle.py $(if $(PLATFORM),--platform $(PLATFORM))

cluster: $(READY) ## 在本机两个 Dask 工作节点上批量生成，如 make cluster YEAR=2024
	$(BIN)/python -c "import distributed" 2>/dev/null || $(BIN)/python -m pip install -qq -e ".[cluster]"
	@sh tools/cluster.sh $(BIN) $(YEAR)

# output/ stays: a Word file in it may hold a leader's revisions that nobody has pulled yet.
clean: ## 删除运行环境和缓存（不删除 output/ 中的年报）
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage

# Two stamps, so that a new setting in pyproject.toml costs seconds and only a new lock minutes.
$(LOCKED): requirements.lock tools/environment.sh
	@sh tools/environment.sh $(VENV)
	@touch $@

$(READY): $(LOCKED) pyproject.toml
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@
