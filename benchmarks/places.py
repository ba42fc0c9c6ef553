"""Where things lie in the folder of a ground."""

DATABASE = "pdca.db"
WORKBOOK = "answers.xlsx"
MAILS = "mails"
ACCEPTED = "accepted.txt"
"""What a mail server accepted: a line with the recipient of each mail."""
