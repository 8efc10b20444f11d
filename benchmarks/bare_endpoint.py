"""``python -m benchmarks.bare_endpoint PORT``: the least that FastAPI and pymongo need to answer with one document."""

import os
import sys
from typing import Any

import orjson
import uvicorn
from fastapi import FastAPI, Response
from pymongo import AsyncMongoClient

app = FastAPI()
client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(os.environ.get("BENCH_MONGO_URL"), tz_aware=True)
people = client["bruecke_gateway"]["people"]


@app.get("/people/{id}")
async def person(id: str) -> Response:
    document = await people.find_one({"_id": id})
    return Response(orjson.dumps(document), media_type="application/json")


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", access_log=False)
