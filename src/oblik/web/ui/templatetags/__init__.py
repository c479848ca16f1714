"""Words that templates use: icons, built files, navigation, badges and written values."""
