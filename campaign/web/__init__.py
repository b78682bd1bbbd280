"""What web pages of every app share: kinds of pages, errors, languages, form fields, cached pages."""
