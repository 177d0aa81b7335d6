def divide(a, b):
    return a / b
# %%
print("before")
divide(1, 0)
print("never")
# %%
print("not run")
# %%
print("before")
# %%
print("not run"
# %%
try:
    {}["件数"]
except KeyError as error:
    raise ValueError("没有\n件数") from error
# %%
import sys
sys.exit(3)
# %%
raise KeyboardInterrupt
# %%
input("您的姓名：")
# %%
import getpass
getpass.getpass()
# %%
%no_such_magic
# %%
import json
json.loads("{")
# %%
class Broken:
    def __repr__(self):
        return "still shown"
    def _repr_html_(self):
        raise ValueError("no HTML today")
Broken()
# %%
class Faulty:
    def __repr__(self):
        raise ValueError("cannot be shown")
Faulty()
# %%
"goes on?"
# %%
raise ExceptionGroup("两处", [ValueError("一"), TypeError("二")])
# %%
assert 1 == 2, "不相等"
# %%
"still alive"
