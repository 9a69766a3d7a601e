"""People, signing in, and who may see what.

``access``          of what belongs to one person; ``class_access`` of what belongs to a class
``guests``          people without an account
``limits``          how often somebody may
``kept``            all that is kept about a person, to be read by them
``old_sessions``    sign-ins that have run out, removed
``deletion``        taking a person out of the portal
``personal_views``  a person's own account; ``views`` signing up, in and out
"""
