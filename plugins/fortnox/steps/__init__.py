"""The work of each task as a function of its run: read, call the core, act, return an XCom.

Imported when a task runs, never when a DAG file is parsed: with these come pandas and HTTP.
"""
