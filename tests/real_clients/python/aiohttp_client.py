import asyncio
import os
from pathlib import Path

import aiohttp


async def main() -> None:
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        with Path(os.environ["FILE"]).open("rb") as file:
            headers = {"Content-Type": os.environ["TYPE"]}
            await session.put(os.environ["UPLOAD_URL"], data=file, headers=headers)
        back = await session.get(os.environ["DOWNLOAD_URL"])
        Path(os.environ["BACK"]).write_bytes(await back.read())


asyncio.run(main())
