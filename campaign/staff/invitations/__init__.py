"""How somebody joins the staff: invited with a role, by a mailed link under which they choose name and password."""
