from IPython.display import clear_output, display, update_display
handle = display("one", display_id="count")
# %%
display("other")
handle.update("two")
# %%
update_display("three", display_id="count")
# %%
handle.display("four")
# %%
update_display("nobody", display_id="unknown")
# %%
print("gone"); clear_output(); print("stays")
# %%
print("stays until the next"); clear_output(wait=True)
# %%
print("replaced"); clear_output(wait=True); print("by this")
# %%
display("gone too", display_id="cleared"); clear_output(); display("after")
# %%
update_display("not seen", display_id="cleared")
