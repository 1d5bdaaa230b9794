#include "rng.h"

/* 64-bit FNV-1a of one byte more. */
static uint64_t absorb(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * 0x100000001b3;
}

/* FNV-1a mixes its last bytes weakly; the finaliser of splitmix64 (Steele, Lea, Flood 2014) makes
   every bit of the key depend on every byte. */
static uint64_t finalise(uint64_t h)
{
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9;
    h = (h ^ (h >> 27)) * 0x94d049bb133111eb;
    return h ^ (h >> 31);
}

rng_key rng_key_of(uint64_t seed, const char *name)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (int i = 0; i < 8; i++) hash = absorb(hash, (unsigned char)(seed >> (8 * i)));
    for (const char *c = name; *c != '\0'; c++) hash = absorb(hash, (unsigned char)*c);
    hash = finalise(hash);
    return (rng_key){{(uint32_t)hash, (uint32_t)(hash >> 32)}};
}
