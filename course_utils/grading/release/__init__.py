"""From masters to what students get: checks of a master, preprocessors, outlines, new units."""
