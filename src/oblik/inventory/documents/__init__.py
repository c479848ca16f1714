"""The papers of a campaign: what each says, in three languages, as Typst PDF and as one workbook."""
