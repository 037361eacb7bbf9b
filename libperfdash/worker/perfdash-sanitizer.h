/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* whether this is built with the address sanitizer, which reserves terabytes of addresses and
 * catches crashes itself */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ADDRESS_SANITIZER 1
#endif
#endif
#ifndef HAS_ADDRESS_SANITIZER
#define HAS_ADDRESS_SANITIZER 0
#endif
