typedef int xp_placeholder;
