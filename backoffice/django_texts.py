"""Texts of Django's own admin that its catalogues lack, or say otherwise than this site, in a language of staff.

They are said by Django; here they are only collected, so that backoffice/locale/ has them, which is asked before
Django's catalogues.
"""

from campaign.translation import for_staff_lazy

TEXTS = [
    for_staff_lazy("Run"),
    for_staff_lazy("- Select an option -"),
    for_staff_lazy("After you’ve created a user, you’ll be able to edit more user options."),
    for_staff_lazy("This action will <strong>enable</strong> password-based authentication for this user."),
    for_staff_lazy("Disable password-based authentication"),
    for_staff_lazy("Enable password-based authentication"),
    for_staff_lazy("Filter by %(field_name)s"),
    for_staff_lazy(
        "Deleting the %(object_name)s “%(escaped_object)s” would result in deleting related objects, but "
        "your account doesn't have permission to delete the following types of objects:"
    ),
    for_staff_lazy(
        "Deleting the %(object_name)s “%(escaped_object)s” would require deleting the following protected "
        "related objects:"
    ),
    for_staff_lazy(
        "Are you sure you want to delete the %(object_name)s “%(escaped_object)s”? All of the following "
        "related items will be deleted:"
    ),
    for_staff_lazy("Pagination %(name)s entries"),
    for_staff_lazy("Pagination %(name)s"),
    for_staff_lazy("Search %(name)s"),
    for_staff_lazy("Logout"),
    for_staff_lazy("In case you’ve forgotten, you are:"),
    for_staff_lazy("Conflicting form data submitted. Please try again."),
    for_staff_lazy("Password-based authentication was disabled."),
    for_staff_lazy("Set password: %s"),
    for_staff_lazy("Reset password"),
    for_staff_lazy("Set password"),
    for_staff_lazy(
        "Whether the user will be able to authenticate using a password or not. If disabled, they may still "
        "be able to authenticate using other backends, such as Single Sign-On or LDAP."
    ),
    for_staff_lazy("Password-based authentication"),
    for_staff_lazy("Enabled"),
    for_staff_lazy("Disabled"),
    for_staff_lazy("Raw passwords are not stored, so there is no way to see the user’s password."),
    for_staff_lazy("Enable password-based authentication for this user by setting a password."),
    for_staff_lazy("Enter the same password as before, for verification."),
    for_staff_lazy("History"),
    for_staff_lazy(" By %(filter_title)s "),
]
