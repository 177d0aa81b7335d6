1 + 1
# %%
_ * 21
# %%
"中文"
# %%
None
# %%
x = 5;
# %%
x;
# %%
from IPython.display import HTML, JSON, Markdown, display
display(Markdown("**年报**"), HTML("<b>年报</b>"))
JSON({"件数": [1, 2, 3]})
# %%
class Bundle:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": "bundle", "application/x+json": {"rows": (1, 2)}}, {"application/x+json": {"wide": True}}
Bundle()
# %%
class Silent:
    def _ipython_display_(self):
        print("displays itself")
Silent()
# %%
display("plain text", metadata={"text/plain": {"isolated": True}})
# %%
import pandas as pd
pd.DataFrame({"渠道": ["网站", "微信"], "条数": [571, 326]})
# %%
import datetime
display({"application/json": {"day": datetime.datetime(2024, 1, 31, tzinfo=datetime.UTC)}, "text/plain": "day"}, raw=True)
# %%
display({"image/png": b"\x89PNG", "text/plain": "bytes"}, raw=True)
# %%
Out[1], In[1]
