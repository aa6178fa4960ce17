"""The cache of both sides' articles: one file per shop and resource in the company's folder.

Holds no personal data. A file that is not there or can't be read means a full reading.
"""

import gzip
from pathlib import Path

from airflow.sdk import ObjectStoragePath
from pydantic import TypeAdapter, ValidationError

from fortnox.core.article_cache import ArticleCache
from fortnox.core.article_report import Resource
from fortnox.core.mapping import ShopRow
from fortnox.steps.staging import local_folder, staging_base, write_atomically

_ADAPTER = TypeAdapter(ArticleCache)


def cache_path(shop: ShopRow, resource: Resource) -> Path:
    """Where it lies."""
    folder = local_folder(staging_base(), shop.fortnox_conn_id)
    return folder / f"{resource}-{shop.shop}.json.gz"


def load_cache(shop: ShopRow, resource: Resource) -> ArticleCache | None:
    """What the last run read, or None."""
    try:
        return _ADAPTER.validate_json(gzip.decompress(cache_path(shop, resource).read_bytes()))
    except (OSError, EOFError, ValidationError):
        return None


def store_cache(shop: ShopRow, resource: Resource, cache: ArticleCache) -> None:
    """Keep it for the next run; whole or not at all."""
    path = cache_path(shop, resource)
    content = gzip.compress(_ADAPTER.dump_json(cache), compresslevel=1, mtime=0)
    write_atomically(ObjectStoragePath(f"file://{path.parent}"), path.name, content)
