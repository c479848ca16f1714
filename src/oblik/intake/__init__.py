"""From files as owners hand them in to cameras in the register: raw rows kept as received, cleaned records, candidates,
judgements with an author. What goes out is claims on cameras in the register."""
