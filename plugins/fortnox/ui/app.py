"""The JSON routes behind the tabs and the page, and their scripts. Reading only.

An app that a plugin mounts is open to anybody until its routes ask (Airflow guards its own only),
so each route here carries its permission; a test walks over all of them.
"""

from pathlib import Path

from airflow.api_fastapi.core_api.security import requires_authenticated
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import FileResponse

from fortnox.ui import day_routes, run_routes
from fortnox.ui.headers import SecurityHeaders

#: The ES modules by name; nothing else of the folder, and no path, can be asked for.
_SCRIPTS = {path.name: path for path in Path(__file__).with_name("static").glob("*.js")}

app = FastAPI(title="Fortnox reconciliation", docs_url=None, redoc_url=None, openapi_url=None)
app.add_middleware(SecurityHeaders)


@app.get("/static/{script}", dependencies=[Depends(requires_authenticated())])
def script_file(script: str) -> FileResponse:
    """One of the ES modules; they import each other by relative addresses."""
    path = _SCRIPTS.get(script)
    if path is None:
        raise HTTPException(404, "There is no such script.")
    # Kept, but asked for each time, so that an update of the package shows at once.
    headers = {"Cache-Control": "private, no-cache"}
    return FileResponse(path, media_type="text/javascript", headers=headers)


app.include_router(run_routes.router)
app.include_router(day_routes.router)
