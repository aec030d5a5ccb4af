"""Files of the server, as somebody sees them who sits elsewhere."""

from __future__ import annotations

import io
import zipfile

from tests.journeys.walk.walk import Walk, names


def files_are_listed_unpacked_and_deleted(w: Walk) -> None:
    with io.BytesIO() as packed:
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("Notes/line 1.txt", "of somebody elsewhere")
        sent = w.http.put("/api/files/parcels/notes.zip", content=packed.getvalue())
    assert sent.status_code == 201
    file = {"path": "parcels/notes.zip"}
    assert names(w.read("files.list_", {"path": "parcels"})["entries"]) == ["notes.zip"]
    assert w.read("files.info", file) == sent.json()["data"]
    w.between(
        "files.unpack", {"archivePath": "parcels/notes.zip", "targetDirectory": "notes"}, lambda: w.files("notes")
    )
    assert w.http.get("/api/files/notes/Notes/line%201.txt").text == "of somebody elsewhere"
    gone = w.changes(
        "files.delete", file, seen="files.list_", by={"path": "parcels"}, look=lambda data: data["entries"]
    )
    assert names(gone.gone) == ["notes.zip"]


CHAPTERS = (files_are_listed_unpacked_and_deleted,)
