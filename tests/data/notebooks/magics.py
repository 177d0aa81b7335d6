%%capture kept
print("hidden")
# %%
kept.stdout
# %%
%%bash
echo 你好
# %%
!echo from a shell
# %%
files = !echo one; echo two
files
# %%
%env NIANBAO_TEST=1
# %%
%pwd
# %%
%who str
# %%
%%python3
print("another python")
# %%
get_ipython().run_line_magic("precision", "3")
# %%
import asyncio
await asyncio.sleep(0)
await asyncio.sleep(0, "awaited")
# %%
%matplotlib inline
# %%
%load_ext autoreload
# %%
%%html
<b>年报</b>
# %%
%whos
