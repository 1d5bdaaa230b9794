/* Who this program is. Compiled once for each experiment: CMake derives XP_NAME and
   XP_CHAPTER from the path of its source. */
#include "xp/identity.h"

const char *const xp_name = XP_NAME;
const char *const xp_chapter = XP_CHAPTER;
