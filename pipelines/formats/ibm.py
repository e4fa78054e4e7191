"""The floating-point numbers of SAS transport files: IBM hexadecimal, 2 to 8 bytes.

Source: SAS Institute, TS-140 "The Record Layout of a SAS Version 5 or 6 Data Set in SAS Transport Format".
"""

import numpy as np

_BITS = 56
_BIAS = 64
_IS_CODE = np.isin(np.arange(256, dtype=np.uint8), np.frombuffer(b"._ABCDEFGHIJKLMNOPQRSTUVWXYZ", np.uint8))


def to_floats(block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The doubles of a block of IBM floats, and which of them are missing.

    Args:
        block: uint8, rows x 2 to 8 bytes, most significant byte first.

    Returns:
        float64, one a row, NaN where missing; and uint8, one a row: 0 for a number, else the character
        after the point of the missing value (``.`` for the plain one, ``_``, ``A`` to ``Z``).
    """
    whole = np.zeros((len(block), 8), np.uint8)
    whole[:, : block.shape[1]] = block
    bits = whole.view(">u8").ravel().astype(np.uint64)
    mantissa, first = bits & np.uint64(2**_BITS - 1), whole[:, 0]
    size = np.ldexp(mantissa.astype(np.float64), ((first & 0x7F).astype(np.int32) - _BIAS) * 4 - _BITS)
    missing = (mantissa == 0) & _IS_CODE[first]
    numbers = np.where(first & 0x80, -size, size)
    return np.where(missing, np.nan, numbers), np.where(missing, first, 0).astype(np.uint8)


def from_floats(values: np.ndarray) -> np.ndarray:
    """The IBM floats of these doubles; NaN is the plain missing value.

    Args:
        values: float64, finite or NaN, zero or of a size from 5.4e-79 to 7.2e75.

    Returns:
        uint8, rows x 8 bytes, most significant first.

    Raises:
        OverflowError: If a number is outside the range, with its index.
    """
    missing = np.isnan(values)
    numbers = np.where(missing, 0.0, values)
    _refuse_outside(numbers)
    fraction, exponent = np.frexp(np.abs(numbers))
    sixteens = -(-exponent // 4)
    mantissa = np.ldexp(fraction, exponent - 4 * sixteens + _BITS).astype(np.uint64)
    power = np.where(numbers == 0, 0, sixteens + _BIAS).astype(np.uint64)
    sign = (numbers < 0).astype(np.uint64)
    bits = (sign << np.uint64(63)) | (power << np.uint64(_BITS)) | mantissa
    block = bits.astype(">u8").view(np.uint8).reshape(-1, 8).copy()
    block[missing] = np.frombuffer(b".".ljust(8, b"\0"), np.uint8)
    return block


def _refuse_outside(numbers: np.ndarray) -> None:
    size = np.abs(numbers)
    outside = (size != 0) & ((size < 16.0**-65) | (size >= 16.0**63))
    if outside.any():
        raise OverflowError(int(np.flatnonzero(outside)[0]))
