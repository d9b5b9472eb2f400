"""What stands out from the image's border: robust background detection (docs/cutout-method.md 4).

Source: Zhu, Liang, Wei, Sun, "Saliency Optimization from Robust Background Detection", CVPR 2014;
the constants are the paper's.
"""

import numpy as np

from cutout.engines.simple.superpixels import Patches
from cutout.imaging.arrays import Floats, Mask
from cutout.imaging.regions import frame

SIGMA_COLOUR = 10.0  # Delta E
SIGMA_PLACE = 0.25  # of the image's side
SIGMA_BOUNDARY = 1.0
SMOOTHNESS = 0.1
EXPLAINED = 11.0  # Delta E to a colour of the other sides within which the bottom is background


def geodesic_distances(patches: Patches, links: Mask) -> Floats:
    """Return the least sum of Delta E along paths between all pairs of patches, (n, n)."""
    distance = np.where(links, patches.contrast, np.float32(1e6))
    np.fill_diagonal(distance, 0)
    for middle in range(len(distance)):
        np.minimum(distance, distance[:, middle, None] + distance[None, middle], out=distance)
    return distance


def border_patches(patches: Patches) -> Mask:
    """Return the patches of the border, without those of a subject that the bottom cuts off."""
    shape = (patches.labels.shape[0], patches.labels.shape[1])
    at_border = patches.share_of(frame(shape)) > 0
    bottom = np.zeros(shape, np.bool_)
    bottom[-1] = True
    others = frame(shape)
    others[round(0.85 * shape[0]) :] = False
    known = patches.share_of(others) > 0
    if not known.any():
        return at_border
    explained = patches.contrast[:, known].min(axis=1) <= EXPLAINED
    return at_border & ((patches.share_of(bottom) == 0) | explained | known)


def saliency(patches: Patches, boundary: Mask) -> Floats:
    """Return how much each patch belongs to what stands out, 0 to 1, (n,).

    Args:
        patches: the image.
        boundary: the patches at the border that may be background, (n,).
    """
    links = patches.neighbours | (boundary[:, None] & boundary[None])
    np.fill_diagonal(links, val=False)
    affinity = np.exp(-(geodesic_distances(patches, links) ** 2) / (2 * SIGMA_COLOUR**2))
    connectivity = affinity[:, boundary].sum(axis=1) / np.sqrt(affinity.sum(axis=1))
    weight: Floats = 1 - np.exp(-(connectivity**2) / (2 * SIGMA_BOUNDARY**2))
    background: Floats = weight.astype(np.float32)
    apart = ((patches.place[:, None] - patches.place[None]) ** 2).sum(axis=2)
    near = np.exp(-apart / (2 * SIGMA_PLACE**2))
    contrast = (patches.contrast * near * background[None]).sum(axis=1)
    foreground: Floats = contrast / max(float(contrast.max()), 1e-6)
    # The least squares agreement of both weights and of neighbours of one colour.
    alike = np.exp(-(patches.contrast**2) / (2 * SIGMA_COLOUR**2)) + SMOOTHNESS
    smooth = np.where(links, alike, 0)
    laplacian = np.diag(smooth.sum(axis=1)) - smooth
    system = np.diag(foreground + background + 1e-6) + laplacian
    solved = np.linalg.solve(system, foreground).astype(np.float32)
    low, high = float(solved.min()), float(solved.max())
    return (solved - low) / max(high - low, 1e-6)
