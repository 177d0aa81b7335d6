import sys
print("first")
print("second", end="")
# %%
print("out"); sys.stdout.flush()
print("err", file=sys.stderr); sys.stderr.flush()
print("out again")
# %%
print("before"); display("between"); print("after")
"value"
# %%
print()
# %%
sys.stdout.write("written\n")
# %%
print("第一行\n第二行\r重写\t制表")
# %%
import logging
logging.warning("careful")
# %%
sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.writable()
# %%
import threading
thread = threading.Thread(target=lambda: print("in a thread")); thread.start(); thread.join()
