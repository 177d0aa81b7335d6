import matplotlib.pyplot as plt
plt.plot([1, 2, 3]);
# %%
figure, axes = plt.subplots(figsize=(2, 1))
axes.bar(["a", "b"], [1, 2])
print("after the drawing")
# %%
plt.figure(figsize=(1, 1)); plt.plot([1]); plt.show()
print("shown before")
# %%
plt.figure(figsize=(1, 1)); plt.figure(figsize=(2, 2))
None
# %%
figure
# %%
plt.get_backend()
# %%
%config InlineBackend.figure_formats
%config InlineBackend.figure_formats = ["svg"]
plt.rcParams["svg.hashsalt"] = "fixed"
%env SOURCE_DATE_EPOCH=0
plt.figure(figsize=(1, 1)); plt.plot([1, 2]);
