/* The experiment's name and chapter, from identity.c. */
#ifndef SC_XP_IDENTITY_H
#define SC_XP_IDENTITY_H

extern const char *const xp_name, *const xp_chapter;

#endif
