"""The doors: pages grouped by who may open them, so that who may see what is a rule about imports. They read the rooms'
queries and call their actions; templates, styles and words that all doors share live in `ui`, under all of them."""
