"""The card of a finished upload: a preview, the link, the next steps, and the proof."""

import time

import streamlit as st

from client.storage.complete import Receipt
from client.transfers.download import name_given
from client.transfers.record import Transfer
from components.common.link.link import link
from components.common.long_text import long_text
from components.common.plain_text import plain
from components.upload import words
from components.upload.export import export_transfer
from components.upload.next_steps import next_steps
from components.words import size_text
from content_types import UNKNOWN

# Pictures that every browser in use draws (MDN, "Image file type and format guide").
_SHOWN = {
    "image/apng",
    "image/avif",
    "image/bmp",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/svg+xml",
    "image/webp",
    "image/x-icon",
}


def result_card(transfer: Transfer, receipt: Receipt) -> None:
    """Draw the card of a finished upload."""
    with st.container(border=True, key=f"result-{transfer.id}"):
        st.subheader(plain(transfer.name), anchor=False)
        preview, rest = st.columns([1, 2])
        with preview:
            _preview(transfer, receipt)
        with rest:
            link(
                receipt.download_url,
                name=transfer.name,
                deadline=receipt.deadline,
                key=f"link-{transfer.id}",
            )
            _warnings(transfer)
            next_steps(transfer, receipt)
        st.fragment(export_transfer)(transfer, receipt)
        st.fragment(_details)(transfer, receipt)


def _preview(transfer: Transfer, receipt: Receipt) -> None:
    content_type = transfer.plan.content_type if transfer.plan else UNKNOWN
    if receipt.deadline <= time.time():
        st.caption(words.NO_PREVIEW)
    elif content_type.startswith("image/") and content_type not in _SHOWN:
        st.caption(words.NO_PREVIEW_OF.format(content_type=plain(content_type)))
    elif content_type.startswith("image/") and not transfer.false_image:
        st.image(receipt.download_url, alt=words.PREVIEW_ALT.format(name=transfer.name))
    elif content_type.startswith("video/"):
        st.video(receipt.download_url)


def _warnings(transfer: Transfer) -> None:
    plan = transfer.plan
    if plan is None:
        return
    if transfer.false_image:
        st.warning(
            words.FALSE_IMAGE.format(
                name=plain(transfer.name), content_type=plain(plan.content_type)
            )
        )
    elif plan.kind == "multipart" and plan.content_type.startswith("image/"):
        st.warning(words.NOT_AN_IMAGE_WHEN_ASSEMBLED.format(content_type=plain(UNKNOWN)))


def _download_name(transfer: Transfer, receipt: Receipt) -> str:
    if name := name_given(receipt.disposition):
        return plain(name)
    in_parts = transfer.plan is not None and transfer.plan.kind == "multipart"
    return words.NO_DOWNLOAD_NAME_IN_PARTS if in_parts else words.NO_DOWNLOAD_NAME


def _details(transfer: Transfer, receipt: Receipt) -> None:
    """Draw facts and proof, which are sent to the browser only once they are asked for."""
    key = f"details-{transfer.id}"
    with st.expander(words.DETAILS, key=key, on_change="rerun") as details:
        if not details.open:
            return
        facts = {
            words.FACT_SIZE: f"{receipt.size:,} bytes ({size_text(receipt.size)})",
            words.FACT_TYPE: plain(receipt.content_type),
            words.FACT_ETAG: plain(receipt.etag),
            words.FACT_PARTS: str(len(receipt.parts)),
            words.FACT_DOWNLOAD_NAME: _download_name(transfer, receipt),
        }
        st.markdown("  \n".join(f"**{label}**: {fact}" for label, fact in facts.items()))
        if transfer.sha256:
            st.caption(words.SHA256_OF_FILE)
            st.code(transfer.sha256, language=None, wrap_lines=True)
        if receipt.complete_xml:
            st.caption(words.XML_SENT)
            long_text(receipt.complete_xml, key=f"xml-{transfer.id}")
        if receipt.complete_answer:
            st.caption(words.XML_ANSWER)
            long_text(receipt.complete_answer, key=f"answer-{transfer.id}")
