"""Classes: who is in them, what they allow, and what was done on whose behalf.

``models``          a class, its members, who is invited, and the acts that members can read about themselves
``roll``            who the students of a class are, as every page of the class asks for them
``allowed``         what the classes of a student let the portal do for them
``audit``           writes down an act on somebody's behalf
``log``             all of them in a class, a line for each deed; ``log_form`` is what somebody looks for there

``tabs``            the pages of a class, as they stand at the top of each of them
``pages``           what the list of classes shows, and the page about one
``views``           both of them

``services``        a class is made, copied, archived, given another code
``dates``           its name and its dates in a form; ``zones`` has what clocks show where
``forms``           all else that is set
``settings_views``  the pages that set it
``invite_views``    its code, its link and the link as a QR code

``joining``         somebody becomes a member, by the code or by an invitation
``reach``           whether others can open the address that a link would have
``codes``           join codes as people type and say them
``join_forms``      what who joins is asked
``join_views``      the ways in, which are open to everybody

``newcomers``       who came by the code: let in, turned away, let back
``newcomers_pages`` what the page about them shows; ``since_form`` from when on
``newcomers_views`` the page, and its clicks

``people``          what instructors do about members and invitations
``people_forms``    what they enter for it
``names``           what people are called, as it may stand on everybody's pages
``finding``         and how they are found by it
``people_pages``    what those pages show
``people_views``    the pages
``sheets``          tables for spreadsheets, in which nothing is computed
``leaving``         the end of a membership
``rights_views``    what was done on whose behalf, and leaving

``roster_views``    a roster becomes invitations; the room roster reads it
``admin``           all of it in Django's admin
``urls``            the addresses
"""
