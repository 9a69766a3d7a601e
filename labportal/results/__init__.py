"""What a class has achieved: points, pictures, exports, and an interface for other programs.

``points``, ``ways``    the rules, and in which way a task was done: no database
``reading``             each student's tasks with their points, from standings, in little memory however many there are
``columns``, ``exports``  the same as CSV and XLSX
``overview``, ``times``, ``completion``, ``stumbles``  what the pictures tell, in numbers
``drawing``             where their lines and bars are
``pages``, ``views``, ``wording``  the pages
``tokens``, ``token_views``, ``forms``, ``admin``, ``models``  who may read a class by a program
``api``, ``bearer``, ``schemas``, ``answers``, ``api_page``  what programs can ask, and who may
``problems``, ``other_problems``, ``shape``  what they are told when something is wrong, in one shape
"""
