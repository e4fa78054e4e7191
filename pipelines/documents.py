"""The documents of a release, made one after the other of what they may tell."""

from collections.abc import Iterator

from pipelines.material import material, open_material
from pipelines.site import Site
from reports.documents import DOCUMENTS, Document


def write_documents(site: Site, study: str) -> Iterator[tuple[Document, int]]:
    """Each document with its size in bytes, once it lies in the study's build folder.

    Args:
        site: Where the study's warehouse is.
        study: Its name.
    """
    folder = site.build_folder(study)
    folder.mkdir(parents=True, exist_ok=True)
    with site.warehouse.open(study) as db:
        # Most documents show the same sections, which are drawn once for all that share their material.
        opened, closed = open_material(db, study), material(db, study)
        for document in DOCUMENTS:
            site.say(f"reports.{document.name}")
            made = document.make(opened if document.is_open else closed)
            (folder / document.file).write_bytes(made)
            yield document, len(made)
