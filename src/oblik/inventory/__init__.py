"""Campaigns of counting and their documents: from matched rows to figures that close, discrepancies and signed papers.

Comes in: intake's judged rows and the registry's claims. Goes out: figures, discrepancies, PDF documents, one workbook.
"""
