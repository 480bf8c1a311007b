/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* half.c - conversions between float and IEEE 754 binary16. */

#include <ae/tensor-file.h>
#include <string.h>

guint16
ae_half_from_float (float value)
{
  guint32 bits, sign, magnitude, mantissa, half, rest, middle;
  int shift;

  memcpy (&bits, &value, sizeof bits);
  sign = bits >> 16 & 0x8000;
  magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) /* NaN: stays one when the payload does not reach the upper bits */
    return (guint16)(sign | 0x7c00 | MAX (magnitude >> 13 & 0x3ff, 1));
  if (magnitude >= 0x47800000) /* 2^16 and more */
    return (guint16)(sign | 0x7c00);
  if (magnitude < 0x33000000) /* less than half the smallest subnormal */
    return (guint16)sign;

  mantissa = (magnitude & 0x7fffff) | 0x800000;
  if (magnitude < 0x38800000) /* subnormal: the exponent goes into the shift */
    {
      shift = 126 - (int)(magnitude >> 23);
      half = mantissa >> shift;
    }
  else
    {
      shift = 13;
      half = (magnitude - 0x38000000) >> 13;
    }
  rest = mantissa & ((1u << shift) - 1);
  middle = 1u << (shift - 1);
  /* A carry out of the mantissa raises the exponent, up to infinity: as it should. */
  half += rest > middle || (rest == middle && (half & 1));
  return (guint16)(sign | half);
}

float
ae_half_to_float (guint16 half)
{
  guint32 sign = (guint32)(half & 0x8000) << 16, exponent = half >> 10 & 31, mantissa = half & 0x3ff, bits;
  float value;

  if (exponent == 0)
    {
      value = (float)mantissa * 0x1p-24f;
      memcpy (&bits, &value, sizeof bits);
    }
  else if (exponent == 31)
    bits = 0x7f800000 | mantissa << 13;
  else
    bits = (exponent + 112) << 23 | mantissa << 13;
  bits |= sign;
  memcpy (&value, &bits, sizeof value);
  return value;
}
