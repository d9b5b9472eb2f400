"""Background removal: what it makes and what it costs (contract 9)."""

import logging
import time

from cutout.jobs.jobs import CutOutJobs
from service.content_hub.credits import Credits, NoCreditsError
from service.images.source_images import SourceImages
from service.temp_files import TempFiles

RESULT_TYPE = "image/png"

log = logging.getLogger(__name__)


class BackgroundRemoval:
    """Checks an image and the credits, has the work done, and charges for it last."""

    def __init__(
        self,
        credits: Credits,
        images: SourceImages,
        temp_files: TempFiles,
        jobs: CutOutJobs,
    ) -> None:
        self._credits = credits
        self._images = images
        self._temp_files = temp_files
        self._jobs = jobs

    def remove(self, organization: str, image_url: str) -> str:
        """Return the URL of the image without its background; costs one credit.

        The result is a temp file, a PNG with alpha of the same pixel size. It is charged for when
        it is stored, in one transaction with the check that a credit is left; should another call
        have taken the last one meanwhile, nobody learns the result's URL and it is removed.

        Raises:
            InputRefusedError: the URL is neither ours nor on an allowed host, or it shows no image
                that we take.
            NoCreditsError: no credit is left.
            BusyError: too many images are waiting.
            CutOutFailedError: the image took too long, or its process broke down.
            S3ApiError: there is no room for the result, or the process is being stopped.
        """
        self._credits.require(organization)  # before anything is fetched for it
        with self._images.open(image_url) as image:
            started = time.monotonic()
            with self._jobs.cut_out(image.pieces) as result:
                kept = self._temp_files.keep(result.blocks, result.size, RESULT_TYPE)
            seconds = time.monotonic() - started
            log.info("Cut out %d bytes into %d in %.1f s", image.size, result.size, seconds)
        try:
            self._credits.charge(organization, "removeBackgroundFromImage")
        except NoCreditsError:
            self._temp_files.discard(kept)
            raise
        return kept.download_url
