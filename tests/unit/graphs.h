/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The GIMP Autoencoder authors */
/* graphs.h - texts of networks that tests use. */

#ifndef AE_TEST_GRAPHS_H
#define AE_TEST_GRAPHS_H

#define GRAPH_BLOCK(name, in, out)                                                                           \
  name "a = conv " in " out=" out " kernel=3 act=relu\n" name "b = conv " name "a out=" out                  \
       " kernel=3\n" name " = add " name "b " in "\n"

/* Denoises: half resolution and below, 32, 64 and 96 channels, two blocks each. */
#define GRAPH_PU2_UNET                                                                                       \
  "rgb = input channels=3 planes=rgb\n"                                                                      \
  "sigma = input channels=1 planes=sigma\n"                                                                  \
  "planes = concat rgb sigma\n"                                                                              \
  "small = pixel_unshuffle planes factor=2\n"                                                                \
  "head = conv small out=32 kernel=3\n" GRAPH_BLOCK ("d1", "head", "32") GRAPH_BLOCK (                       \
    "d2", "d1", "32") "s1 = conv d2 out=64 kernel=2 stride=2\n" GRAPH_BLOCK ("e1", "s1", "64")               \
    GRAPH_BLOCK ("e2", "e1", "64") "s2 = conv e2 out=96 kernel=2 stride=2\n" GRAPH_BLOCK ("f1", "s2", "96")  \
      GRAPH_BLOCK ("f2", "f1", "96") "g2 = conv_transpose f2 out=64 kernel=2 stride=2\n"                     \
                                     "k2 = add g2 e2\n" GRAPH_BLOCK ("h1", "k2", "64") GRAPH_BLOCK (         \
                                       "h2", "h1",                                                           \
                                       "64") "g1 = conv_transpose h2 out=32 kernel=2 stride=2\n"             \
                                             "k1 = add g1 d2\n" GRAPH_BLOCK ("i1", "k1", "32") GRAPH_BLOCK ( \
                                               "i2", "i1", "32") "tail = conv i2 out=12 kernel=3\n"          \
                                                                 "change = pixel_shuffle tail factor=2\n"    \
                                                                 "result = add change rgb\n"                 \
                                                                 "output result\n"

/* A U-Net at full resolution with pooling, nearest enlarging and concatenation. */
#define GRAPH_FULL_UNET                                                                                      \
  "x = input channels=3 planes=rgb\n"                                                                        \
  "a = conv x out=8 act=relu\n"                                                                              \
  "b = conv a out=8 act=leaky slope=0.2\n"                                                                   \
  "p1 = max_pool b\n"                                                                                        \
  "c = conv p1 out=16 act=relu\n"                                                                            \
  "p2 = avg_pool c\n"                                                                                        \
  "d = conv p2 out=16 act=prelu\n"                                                                           \
  "p3 = max_pool d\n"                                                                                        \
  "e = conv p3 out=24 act=relu\n"                                                                            \
  "u3 = up e\n"                                                                                              \
  "c3 = concat u3 d\n"                                                                                       \
  "f = conv c3 out=16 act=relu\n"                                                                            \
  "u2 = up f\n"                                                                                              \
  "c2 = concat u2 c\n"                                                                                       \
  "g = conv c2 out=16 act=relu\n"                                                                            \
  "u1 = up g\n"                                                                                              \
  "c1 = concat u1 b\n"                                                                                       \
  "h = conv c1 out=8\n"                                                                                      \
  "i = act h act=sigmoid\n"                                                                                  \
  "y = conv i out=3 kernel=1\n"                                                                              \
  "output y\n"

/* Enlarges `f` times (a string) with `c` = 3 * f * f channels before the shuffle. */
#define GRAPH_UPSCALE(f, c)                                                                                  \
  "x = input channels=3 planes=rgb\n"                                                                        \
  "h = conv x out=16 kernel=3\n" GRAPH_BLOCK ("b1", "h", "16")                                               \
    GRAPH_BLOCK ("b2", "b1", "16") "l = add b2 h\n"                                                          \
                                   "t = conv l out=" c " kernel=3\n"                                         \
                                   "s = pixel_shuffle t factor=" f "\n"                                      \
                                   "r = bicubic x factor=" f "\n"                                            \
                                   "y = add s r\n"                                                           \
                                   "output y\n"

/* Resolutions 3, 3/2 and 3/4, a bicubic step that reads less than it gives. */
#define GRAPH_MIXED                                                                                          \
  "x = input channels=1 planes=y\n"                                                                          \
  "a = bicubic x factor=3\n"                                                                                 \
  "b = conv a out=4\n"                                                                                       \
  "c = pixel_unshuffle b factor=2\n"                                                                         \
  "d = conv c out=8\n"                                                                                       \
  "e = conv d out=8 kernel=2 stride=2\n"                                                                     \
  "f = conv e out=8\n"                                                                                       \
  "g = bicubic f factor=4\n"                                                                                 \
  "h = conv g out=4\n"                                                                                       \
  "i = add h b\n"                                                                                            \
  "j = pixel_unshuffle i factor=3\n"                                                                         \
  "k = conv j out=1\n"                                                                                       \
  "output k\n"

#endif
